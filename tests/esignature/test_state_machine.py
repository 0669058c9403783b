"""Whatever people do in whatever order: the envelope stays in a sound state."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from functions.esignature.domain import signing as rules
from functions.esignature.domain.consent import VERSION
from functions.esignature.domain.envelope import ENDED, Envelope, EnvelopeStatus, Sealed
from functions.esignature.domain.layout import FieldType, Layout, PageSize, SigningField
from functions.esignature.domain.link import SECRET_BYTES, SigningLink
from functions.esignature.domain.occurrence import Occurrence, Origin, What
from functions.esignature.domain.signer import Channel, Mark, Signer, SignerStatus
from shared.errors import Refusal

START = datetime(2026, 1, 1, tzinfo=UTC)
TYPED = rules.SignatureGiven(Mark(kind="typed", text="A"), None, {})
NOTHING = Origin()


def envelope_of(orders: list[int]) -> Envelope:
    signers = [
        Signer(id=str(uuid4()), name=f"S{order}", channel=Channel.IN_APP, routing_order=order)
        for order in orders
    ]
    fields = [
        SigningField(
            id=signer.id,
            signer_id=signer.id,
            type=FieldType.SIGNATURE,
            page=1,
            x=0,
            y=0,
            width=1,
            height=1,
        )
        for signer in signers
    ]
    return Envelope(
        id=str(uuid4()),
        tenant_id="t",
        title="T",
        document_id="d",
        document_version=1,
        sha256="0",
        size_bytes=1,
        layout=Layout(pages=(PageSize(number=1, width_pt=1, height_pt=1),), fields=tuple(fields)),
        signers=tuple(signers),
        created_by="u",
        sender_name="U",
        created_at=START,
        expires_in_days=5,
        latest=Occurrence(what=What.CREATED, at=START),
    )


class EnvelopeMachine(RuleBasedStateMachine):
    """`links` are all that were ever given out; the last of a signer is the live one."""

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        self.links: list[SigningLink] = []
        self.ended: Envelope | None = None
        self._secrets = count(1)

    @initialize(orders=st.lists(st.integers(1, 3), min_size=1, max_size=4))
    def begin(self, orders: list[int]) -> None:
        self.envelope = envelope_of(orders)

    def mint(self) -> bytes:
        return next(self._secrets).to_bytes(SECRET_BYTES, "big")

    def attempt(self, change: Callable[[], Envelope]) -> bool:
        """Whether it was allowed; what was refused changed nothing."""
        try:
            self.envelope = change()
        except Refusal:
            return False
        return True

    @rule()
    def send(self) -> None:
        was = self.envelope.status

        def change() -> Envelope:
            envelope, links = self.envelope.sent(self.at, self.mint)
            self.links += links
            return envelope

        assert self.attempt(change) is (was is EnvelopeStatus.DRAFT)

    @rule(days=st.integers(0, 3))
    def wait(self, days: int) -> None:
        self.at += timedelta(days=days, minutes=1)

    @rule()
    def void(self) -> None:
        open_before = self.envelope.status in (EnvelopeStatus.DRAFT, EnvelopeStatus.SENT)
        assert self.attempt(lambda: self.envelope.voided(self.at, "why")) is open_before

    @rule()
    def expire(self) -> None:
        overdue = self.envelope.overdue(self.at)
        assert self.attempt(lambda: self.envelope.expired(self.at)) is overdue

    @rule()
    def complete(self) -> None:
        sealing = self.envelope.status is EnvelopeStatus.SEALING
        facts = Sealed(path="p", sha256="1", size_bytes=1, evidence_sha256="2")
        assert self.attempt(lambda: self.envelope.completed(self.at, facts)) is sealing

    @rule()
    def ask_again(self) -> None:
        sealing = self.envelope.status is EnvelopeStatus.SEALING
        assert self.attempt(lambda: self.envelope.seal_requested(self.at)) is sealing

    @rule(number=st.integers(0, 3))
    def replace_link(self, number: int) -> None:
        signer = self.envelope.signers[number % len(self.envelope.signers)]
        allowed = self.envelope.status_at(self.at) is EnvelopeStatus.SENT and signer.due

        def change() -> Envelope:
            envelope, link = self.envelope.link_replaced(signer.id, self.at, self.mint)
            self.links.append(link)
            return envelope

        assert self.attempt(change) is allowed

    @precondition(lambda self: self.links)
    @rule(number=st.integers(0, 20), deed=st.sampled_from(["view", "consent", "sign", "decline"]))
    def act(self, number: int, deed: str) -> None:
        link = self.links[number % len(self.links)]
        newest = [each for each in self.links if each.signer_id == link.signer_id][-1]
        signer = self.envelope.signer(link.signer_id)
        may = (
            link == newest
            and self.envelope.status_at(self.at) is EnvelopeStatus.SENT
            and signer.due
            and (deed != "sign" or signer.consent is not None)
        )
        done = self.attempt(lambda: self._deed(link, deed))
        if deed != "view":
            assert done is may

    def _deed(self, link: SigningLink, deed: str) -> Envelope:
        signer = rules.holder(self.envelope, link, self.at)
        if deed == "view":
            return rules.viewed(self.envelope, signer, self.at, NOTHING)
        if deed == "consent":
            return rules.consented(self.envelope, signer, VERSION, self.at, NOTHING)
        if deed == "decline":
            return rules.declined(self.envelope, signer, "no", self.at, NOTHING)
        signed = rules.signed(self.envelope, signer, TYPED, self.at, NOTHING)
        if signed.status is EnvelopeStatus.SENT:
            signed, links = signed.calling_the_next(self.at, self.mint)
            self.links += links
        return signed

    @invariant()
    def what_has_ended_stays_as_it_is(self) -> None:
        if self.ended is not None:
            assert self.envelope == self.ended
        if hasattr(self, "envelope") and self.envelope.status in ENDED:
            self.ended = self.envelope

    @invariant()
    def nobody_is_asked_before_their_turn(self) -> None:
        if not hasattr(self, "envelope"):
            return
        asked = [each for each in self.envelope.signers if each.status is not SignerStatus.WAITING]
        for signer in asked:
            before = [
                each for each in self.envelope.signers if each.routing_order < signer.routing_order
            ]
            assert all(each.status is SignerStatus.SIGNED for each in before)

    @invariant()
    def while_it_is_open_somebody_is_due(self) -> None:
        if hasattr(self, "envelope") and self.envelope.status is EnvelopeStatus.SENT:
            assert any(each.due for each in self.envelope.signers)

    @invariant()
    def sealing_means_that_all_have_signed(self) -> None:
        if not hasattr(self, "envelope"):
            return
        all_signed = all(each.status is SignerStatus.SIGNED for each in self.envelope.signers)
        sealed = self.envelope.status in (EnvelopeStatus.SEALING, EnvelopeStatus.COMPLETED)
        assert all_signed is sealed

    @invariant()
    def no_secret_is_in_the_envelope(self) -> None:
        if hasattr(self, "envelope"):
            written = self.envelope.model_dump_json()
            assert not [link for link in self.links if str(link) in written]


TestEnvelope = EnvelopeMachine.TestCase
TestEnvelope.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
