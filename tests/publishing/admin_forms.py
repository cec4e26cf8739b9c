"""What a browser would do in the admin: open a form, change something in it, press a button."""

from django.urls import reverse


def url_of(row, action="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{action}", args=[row.pk])


def opened(client, row):
    """The values of the editor as it is shown to `client`, its table of links included."""
    editing = client.get(url_of(row)).context["editing"]
    data = {"text": editing.form["text"].value(), "base": editing.form["base"].value(), "is_material": "no"}
    if editing.head:
        data |= {f"head-{name}": editing.head[name].value() or "" for name in editing.head.fields}
    if editing.links:
        form = editing.links.management_form
        data |= {f"links-{name}": value for name, value in form.initial.items()} | {"links-seen": editing.links.seen}
        for place, row_form in enumerate(editing.links):
            data |= {f"links-{place}-{name}": row_form[name].value() or "" for name in row_form.fields}
    return data


def press(client, row, button, begun=None, **changes):
    """Press `button` on the editor of `row`, as `begun` or as it is shown now, with `changes`."""
    return client.post(url_of(row), {**(begun or opened(client, row)), **changes, button: ""}, follow=True)
