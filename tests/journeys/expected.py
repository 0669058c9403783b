"""What the story leaves behind when nothing is lost and nothing doubled."""

from collections import Counter

from tests.journeys.stories import Told

NOTE, TITLE = "Delivery note for Northgate Stores", "Delivery to Northgate Stores"
DANA, MILAN, CORA = "dana@example.com", "milan@example.com", "+4930901820"
INBOXES = {
    "Dana Weiss": [
        f"{TITLE}: Consignee reached",
        f"{TITLE}: Transshipment reached",
        f"{TITLE}: all stops reached",
        f"Signed by everybody: {NOTE}",
    ],
    "Milan Horvat": [
        f"Dana Weiss asks you to sign: {NOTE}",
        "Dana Weiss is calling: Arrived at Northgate",
        "New trip: Delivery",
        f"Signed by everybody: {NOTE}",
    ],
}
SENT = [
    ("email", DANA, f"{TITLE}: all stops reached"),
    ("email", DANA, f"Signed by everybody: {NOTE}"),
    ("email", MILAN, f"Dana Weiss asks you to sign: {NOTE}"),
    ("email", MILAN, "Dana Weiss is calling: Arrived at Northgate"),
    ("email", MILAN, "New trip: Delivery"),
    ("email", MILAN, f"Signed by everybody: {NOTE}"),
    ("sms", CORA, "Dana Weiss asks you "),
    ("sms", CORA, "Everybody has signed"),
]
KEPT = {
    "User": 3,
    "EmailOwner": 3,
    "Person": 3,
    "Contact": 1,
    "FirstAdministrator": 1,
    "Trip": 1,
    "Place": 2,
    "Geofence": 2,
    "CheckIn": 2,
    "PositionChunk": 4,
    "Document": 1,
    "Envelope": 1,
    "StoredAuthority": 1,
    "Call": 1,
    "Notification": 8,
    "Delivery": 8,
}
DONE_ONCE = {
    "plan trip": 1,
    "start trip": 1,
    "arrive by geofence": 2,
    "check in": 1,
    "create document": 1,
    "accept version": 1,
    "add sealed version": 1,
    "create envelope": 1,
    "send envelope": 1,
    "sign": 2,
    "complete envelope": 1,
    "start call": 1,
    "end call": 1,
    "participant joined": 2,
    "create user": 3,
    "create contact": 1,
    "create geofence": 2,
    "notify": 8,
    "queue message": 8,
    "end message": 8,
}


def nothing_lost_and_nothing_doubled(story: Told) -> None:
    books = story.kept()  # the story's own checks have held: the PDF, the chains, the dead letters
    assert story.inboxes == INBOXES
    assert story.sent == SENT
    assert {kind: books.kinds[kind] for kind in KEPT} == KEPT
    assert {action: books.actions[action] for action in DONE_ONCE} == DONE_ONCE
    assert books.deliveries == Counter(sent=8)
    assert books.broken == []
    assert books.left == []
