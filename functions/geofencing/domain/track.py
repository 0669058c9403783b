"""What is remembered of a driver's way, so that fixes may come late, twice and in any order.

The fixes of the last two hours are kept (`window`), with where the fold stood before the first of
them (`checkpoint`) and behind the last (`head`). Later fixes are folded from the head. An earlier
one is put where it belongs and the window folded anew from the checkpoint; what that shows and was
not told yet is told. What was told on less knowledge and shows no more is not taken back.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from pydantic import ConfigDict

from functions.geofencing.domain.engine import Evaluation, Presence, Transition, advanced
from functions.geofencing.domain.fences import Fences
from functions.geofencing.domain.fixes import Fix, packed, unpacked
from shared.model import Model

WINDOW_MS = 2 * 60 * 60 * 1000
MAX_FIXES = 2000
MAX_TOLD = 5000


class Standing(StrEnum):
    """What becomes of a fix: new, known already, or older than the window."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    LATE = "late"


class TransitionKey(NamedTuple):
    """What makes two transitions of one driver the same."""

    kind: str
    geofence_id: str
    fix_ms: int


class Track(Model):
    """`told` are the transitions of the window that were found; `waiting` those still to tell."""

    model_config = ConfigDict(frozen=True)

    checkpoint: Evaluation = Evaluation()
    head: Evaluation = Evaluation()
    window: str = ""
    told: tuple[TransitionKey, ...] = ()
    waiting: tuple[Transition, ...] = ()

    def standings(self, fixes: Sequence[Fix]) -> list[Standing]:
        """What would become of each fix, were they merged in this order."""
        known, standings = set(unpacked(self.window)), []
        for fix in fixes:
            if fix in known:
                standings.append(Standing.DUPLICATE)
            elif fix.at_ms <= self.checkpoint.at_ms:
                standings.append(Standing.LATE)
            else:
                standings.append(Standing.ACCEPTED)
            known.add(fix)
        return standings

    def merged(self, fixes: Iterable[Fix], fences: Fences) -> "Track":
        """With the fixes, in whatever order they come; duplicates and late ones change nothing."""
        kept = unpacked(self.window)
        known = set(kept)
        fresh = sorted({fix for fix in fixes if fix.at_ms > self.checkpoint.at_ms} - known)
        if not fresh:
            return self
        track = _adopting(self, fences)
        all_fixes = sorted(kept + fresh)
        if fresh[0].at_ms > track.head.at_ms:
            head, found = advanced(track.head, fresh, fences)
        else:
            head, found = advanced(track.checkpoint, all_fixes, fences)
        return _trimmed(_finding(track, found, head), all_fixes, fences)

    def telling(self, most: int) -> tuple["Track", tuple[Transition, ...]]:
        """The next transitions to tell, and the track once they are told."""
        now, later = self.waiting[:most], self.waiting[most:]
        return self.model_copy(update={"waiting": later}), now

    def standing(self, fences: Fences) -> list[Transition]:
        """The transitions of the window as all that is known by now shows them."""
        return advanced(self.checkpoint, unpacked(self.window), fences)[1]


def _key(transition: Transition) -> TransitionKey:
    return TransitionKey(transition.kind, transition.geofence_id, transition.fix_ms)


def _adopting(track: Track, fences: Fences) -> Track:
    """A fence with a new shape starts where its old shape left the driver; a retired one ends.

    Both ends of the window get it, so that what came before the change is not asked again.
    """
    checkpoint, head = dict(track.checkpoint.presences), dict(track.head.presences)
    for fence_id in checkpoint.keys() | head.keys():
        fence = fences.get(fence_id)
        known = [ends[fence_id] for ends in (checkpoint, head) if fence_id in ends]
        if fence and all(presence.revision == fence.revision for presence in known):
            continue
        inside = fence_id in head and head[fence_id].inside
        for ends in (checkpoint, head):
            ends.pop(fence_id, None)
            if fence and inside:
                ends[fence_id] = Presence(True, fence.revision)
    return track.model_copy(
        update={
            "checkpoint": track.checkpoint._replace(presences=checkpoint),
            "head": track.head._replace(presences=head),
        }
    )


def _finding(track: Track, found: Sequence[Transition], head: Evaluation) -> Track:
    told = set(track.told)
    new = {_key(each): each for each in reversed(found) if _key(each) not in told}
    return track.model_copy(
        update={
            "head": head,
            "told": tuple(sorted(told | new.keys())),
            "waiting": (*track.waiting, *reversed(new.values())),
        }
    )


def _trimmed(track: Track, fixes: Sequence[Fix], fences: Fences) -> Track:
    """Fixes behind the horizon go into the checkpoint."""
    horizon_ms = _horizon_ms(track, fixes)
    gone = [fix for fix in fixes if fix.at_ms < horizon_ms]
    checkpoint, _ = advanced(track.checkpoint, gone, fences)
    return track.model_copy(
        update={
            "checkpoint": checkpoint,
            "window": packed(fixes[len(gone) :]),
            "told": tuple(key for key in track.told if _can_be_found_again(key, checkpoint)),
        }
    )


def _can_be_found_again(key: TransitionKey, checkpoint: Evaluation) -> bool:
    """By a fix of the window, or by one before it that a fix of the window confirms."""
    presence = checkpoint.presences.get(key.geofence_id)
    unconfirmed = presence.pending if presence else None
    return key.fix_ms > checkpoint.at_ms or (
        unconfirmed is not None and unconfirmed.fix_ms == key.fix_ms
    )


def _horizon_ms(track: Track, fixes: Sequence[Fix]) -> int:
    horizons = [fixes[-1].at_ms - WINDOW_MS]
    if len(fixes) > MAX_FIXES:
        horizons.append(fixes[-MAX_FIXES].at_ms)
    if len(track.told) > MAX_TOLD:
        horizons.append(sorted(key.fix_ms for key in track.told)[-MAX_TOLD - 1] + 1)
    return max(horizons)
