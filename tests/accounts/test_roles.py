import pytest
from django.contrib.auth.models import Group

from guide.accounts.models import User
from guide.pages.models import Page


def test_the_five_roles_are_there(db):
    assert set(Group.objects.values_list("name", flat=True)) == {"读者", "培训师", "编辑", "审核人", "管理员"}


@pytest.mark.parametrize(
    ("role", "may"), [("读者", False), ("培训师", False), ("编辑", True), ("审核人", True), ("管理员", True)]
)
def test_role_decides_who_enters_the_admin(db, client, role, may):
    user = User.objects.create_user("somebody", password="pass-word-12")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)

    assert (client.get("/admin/").status_code == 200) is may


def test_superuser_enters_without_a_role(db):
    assert User.objects.create_superuser("root", password="pass-word-12").is_staff


def test_editor_may_change_pages_but_no_people(editor):
    assert editor.has_perm("pages.change_page")
    assert not editor.has_perm("accounts.change_user")


def test_reviewer_only_looks(reviewer):
    assert reviewer.has_perm("pages.view_page")
    assert not reviewer.has_perm("pages.change_page")


def test_sign_in_and_out(db, client, reader):
    response = client.post("/accounts/login/", {"username": "reader", "password": "pass-word-12"})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize("path", ["password/", "change/", "delete/"])
def test_superuser_is_in_the_hands_of_superusers(client_of, path):
    root = User.objects.create_superuser("root", password="pass-word-12")
    sent = {"password1": "an-other-word-12", "password2": "an-other-word-12", "username": "root", "post": "yes"}

    assert client_of("boss", "管理员").post(f"/admin/accounts/user/{root.pk}/{path}", sent).status_code == 403
    assert User.objects.get(pk=root.pk).check_password("pass-word-12")


def test_administrator_sets_the_password_of_others_and_deletes_no_superuser_among_many(client_of, reader):
    root = User.objects.create_superuser("root", password="pass-word-12")
    boss, words = client_of("boss", "管理员"), {"password1": "an-other-word-12", "password2": "an-other-word-12"}
    boss.post(f"/admin/accounts/user/{reader.pk}/password/", words)
    boss.post("/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"})

    assert User.objects.get(pk=reader.pk).check_password("an-other-word-12")
    assert User.objects.filter(pk=root.pk).exists()


def test_administrator_names_who_writes_and_reviews_a_chapter(guide, client, editor):
    boss = User.objects.create_user("boss", password="pass-word-12")
    boss.groups.add(Group.objects.get(name="管理员"))
    client.force_login(boss)
    chapter = Page.objects.get(slug="talk")
    client.post("/admin/publishing/chapterrole/add/", {"chapter": chapter.pk, "user": editor.pk, "part": "reviewer"})

    assert editor.chapter_roles.get().chapter == chapter
    assert not editor.has_perm("publishing.add_chapterrole")
