"""Documents, their trail, and what is saved with them, over the real Cosmos emulator."""

import asyncio
from datetime import UTC, datetime

import pytest
from azure.cosmos.exceptions import CosmosHttpResponseError
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.trips import TripCancelled
from shared.errors import Missing, Stale, VersionRequired
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.ids import new_id
from shared.records import audit
from shared.records.audit import AuditEntry
from shared.records.batch import Change, operations
from shared.records.clashes import Exists, Taken
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Beside, Chain, Document, Stored
from shared.telemetry import scope
from shared.telemetry.scope import Actor, Handling, acting_as
from tests.support.messages import told_by

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Crate(Document):
    weight: int = 0
    place: str = "yard"


class Label(Document):
    crate_id: str

    @property
    def key(self) -> str:
        return self.crate_id


class Machine(Document):
    audited = False
    beats: int = 0


def crates() -> CosmosDocuments[Crate]:
    return CosmosDocuments(container("trips"), Crate, clock.now)


def crate(tenant: str, **more: object) -> Crate:
    return Crate(id=new_id(), tenant_id=tenant).model_copy(update=more)


@pytest.mark.usefixtures("records")
class TestDocuments:
    async def test_what_is_saved_comes_back(self, tenant: str) -> None:
        saved = await crates().save(Stored(crate(tenant, weight=3)), "pack")
        found = await crates().get(tenant, saved.document.id)

        assert found.document == saved.document
        assert (found.etag, found.chain) == (saved.etag, saved.chain)

    async def test_nobody_overwrites_what_they_have_not_seen(self, tenant: str) -> None:
        saved = await crates().save(Stored(crate(tenant)), "pack")
        heavier = saved.now(saved.document.model_copy(update={"weight": 9}))
        await crates().save(heavier, "weigh")
        with pytest.raises(Stale):
            await crates().save(heavier, "weigh")
        with pytest.raises(Exists):
            await crates().save(Stored(saved.document), "pack")

    async def test_everything_of_a_save_is_there_or_nothing(self, tenant: str) -> None:
        saved = await crates().save(Stored(crate(tenant)), "pack")
        label = Label(id="label", tenant_id=tenant, crate_id=saved.document.id)
        labelled = await crates().save(saved, "label", beside=(Beside(label, exists="taken"),))
        told = TripCancelled(
            tenant_id=tenant, at=NOON, trip_id="t", title="T", driver_id=None, reason="r"
        )
        again = (Beside(label, exists="taken"),)
        with pytest.raises(Taken):
            await crates().save(labelled, "label", told, beside=again)

        assert await told_by("trips", tenant) == []
        trail = await crates().trail(tenant, saved.document.id)
        assert [entry.action for entry in trail.entries] == ["pack", "label"]
        assert trail.intact

    async def test_two_change_together_each_with_its_version_and_trail(self, tenant: str) -> None:
        labels = CosmosDocuments(container("trips"), Label, clock.now)
        box = await crates().save(Stored(crate(tenant)), "pack")
        label = Label(id=new_id(), tenant_id=tenant, crate_id=box.document.id)
        printed = await labels.save(Stored(label), "print")
        beside = (Beside(label, stored=printed),)
        stuck = await crates().save(box, "stick", beside=beside)
        with pytest.raises(Stale):
            await crates().save(stuck, "stick again", beside=beside)

        trail = await labels.trail(tenant, label.id, label.crate_id)
        assert [entry.action for entry in trail.entries] == ["print", "stick"]
        assert trail.intact
        gone = (Beside(label, exists="removed"),)
        peeled = await crates().save(stuck, "peel", beside=gone)
        with pytest.raises(Missing):
            await labels.get(tenant, label.id, label.crate_id)
        with pytest.raises(Stale):
            await crates().save(peeled, "peel again", beside=gone)

    async def test_what_is_removed_is_gone_and_its_trail_is_not(self, tenant: str) -> None:
        saved = await crates().save(Stored(crate(tenant)), "pack")
        changed = await crates().save(saved.now(saved.document), "look")
        with pytest.raises(Stale):
            await crates().remove(saved, "scrap")
        await crates().remove(changed, "scrap")
        with pytest.raises(Missing):
            await crates().get(tenant, saved.document.id)
        item_id = f"audit:{saved.document.id}:{3:08}"
        last = await container("trips").read_item(item_id, [tenant, saved.document.id])
        assert last["entry"]["changes"]["place"] == ["yard", None]

    async def test_another_kind_with_the_same_id_is_not_found(self, tenant: str) -> None:
        saved = await crates().save(Stored(crate(tenant)), "pack")
        labels = CosmosDocuments(container("trips"), Label, clock.now)
        with pytest.raises(Missing):
            await labels.get(tenant, saved.document.id)

    async def test_lists_stay_within_a_tenant_and_a_partition(self, tenant: str) -> None:
        mine = [await crates().save(Stored(crate(tenant, weight=n)), "pack") for n in range(3)]
        await crates().save(Stored(crate(f"{tenant}-other")), "pack")

        found = await crates().where(tenant)
        assert [each.document.weight for each in found] == [2, 1, 0]
        light = await crates().where(tenant, "c.weight < @w", {"@w": 2}, limit=1)
        assert [each.document.weight for each in light] == [1]
        one = await crates().where(tenant, key=mine[0].document.id)
        assert [each.document.weight for each in one] == [0]

    async def test_what_only_machines_write_has_no_trail(self, tenant: str) -> None:
        machines = CosmosDocuments(container("trips"), Machine, clock.now)
        saved = await machines.save(Stored(Machine(id="m", tenant_id=tenant)), "beat")
        await machines.remove(saved, "stop")
        again = await machines.save(Stored(Machine(id="m", tenant_id=tenant)), "beat")
        assert again.chain == Chain()
        assert (await machines.trail(tenant, "m")).entries == []

    async def test_of_many_writers_at_once_one_wins_each_round(self, tenant: str) -> None:
        saved = await crates().save(Stored(crate(tenant)), "pack")

        async def write(number: int) -> bool:
            mine = saved.now(saved.document.model_copy(update={"weight": number}))
            try:
                await crates().save(mine, "weigh")
            except Stale:
                return False
            return True

        assert sum(await asyncio.gather(*(write(n) for n in range(10)))) == 1

    async def test_a_batch_that_cosmos_refuses_for_itself_is_no_refusal(self, tenant: str) -> None:
        labels = [Label(id=f"l{n}", tenant_id=tenant, crate_id="c") for n in range(101)]
        too_many = tuple(Beside(label) for label in labels)
        with pytest.raises(CosmosHttpResponseError):
            await crates().save(Stored(Crate(id="c", tenant_id=tenant)), "pack", beside=too_many)


def test_a_change_needs_the_version_it_was_made_from() -> None:
    stored = Stored(crate("t"), '"1"')
    assert stored.matching('"1"') is stored
    assert stored.matching('"0", "1"') is stored
    assert stored.matching("*") is stored
    with pytest.raises(Stale):
        stored.matching('"2"')
    with pytest.raises(VersionRequired):
        stored.matching(None)


def test_a_document_may_not_have_fields_of_the_store() -> None:
    with pytest.raises(TypeError, match="kind"):
        type("Wrong", (Document,), {"__annotations__": {"kind": str}, "__module__": __name__})


def test_a_message_leaves_its_marker_first() -> None:
    handling = Handling("trips.on_x", "m-1")
    with acting_as(Actor("system", "x")) as here:
        there = scope.Scope(here.correlation_id, here.traceparent, here.actor, handling)
        batch, chain = operations(Change(Stored(crate("t")), "pack", NOON), there)

    assert [each.item["kind"] for each in batch] == ["inbox", "Crate", "audit"]
    assert batch[0].item["id"].startswith("inbox:trips.on_x:m-1:")
    assert chain.length == 1


@pytest.fixture(scope="module")
def entries() -> list[AuditEntry]:
    """A trail of five."""
    chain, before, made = Chain(), None, []
    for weight in range(5):
        after = Crate(id="c", tenant_id="t", weight=weight, place=f"p{weight}")
        entry = audit.entry_for(after, before, "weigh", chain, scope.begin(), NOON)
        made.append(entry)
        chain, before = Chain(entry.number, entry.hash), after
    return made


def end(entries: list[AuditEntry]) -> Chain:
    return Chain(len(entries), entries[-1].hash)


def test_an_unbroken_trail_is_intact(entries: list[AuditEntry]) -> None:
    trail = audit.check("c", reversed(entries), end(entries))
    assert trail.intact
    assert [entry.number for entry in trail.entries] == [1, 2, 3, 4, 5]


@given(position=st.integers(0, 4), text=st.text(max_size=5))
def test_any_altered_entry_is_noticed(entries: list[AuditEntry], position: int, text: str) -> None:
    for field in ("action", "correlation_id", "previous_hash", "hash"):
        if getattr(entries[position], field) != text:
            altered = list(entries)
            altered[position] = entries[position].model_copy(update={field: text})
            assert not audit.check("c", altered, end(entries)).intact


def test_a_store_that_writes_whole_numbers_its_own_way_breaks_no_trail() -> None:
    before = Crate(id="c", tenant_id="t")
    entry = audit.entry_for(before, None, "pack", Chain(), scope.begin(), NOON)
    floats = entry.model_copy(update={"changes": {"width": [None, {"pt": [612.0, 0.5]}]}})
    sealed = floats.model_copy(update={"hash": floats.computed_hash()})
    back = sealed.model_copy(update={"changes": {"width": [None, {"pt": [612, 0.5]}]}})

    assert audit.check("c", [back], Chain(1, sealed.hash)).intact


@given(position=st.integers(0, 4))
def test_a_dropped_entry_is_noticed(entries: list[AuditEntry], position: int) -> None:
    dropped = [entry for number, entry in enumerate(entries) if number != position]
    assert not audit.check("c", dropped, end(entries)).intact


def test_a_change_of_nothing_cannot_be(entries: list[AuditEntry]) -> None:
    with pytest.raises(ValueError, match="needs a document"):
        audit.entry_for(None, None, "x", Chain(), scope.begin(), NOON)
