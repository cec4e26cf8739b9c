def test_process_answers_without_the_database(client):
    assert client.get("/healthz").content == b"ok\n"


def test_ready_when_all_is_well(indexed, client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["outbox_oldest_seconds"] == 0


def test_not_ready_without_an_index(guide, client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["index"] is False
    assert response.json()["database"] is True


def test_age_of_the_outbox_is_told(guide, client):
    assert client.get("/readyz").json()["outbox_oldest_seconds"] > 0
