"""Where rights hold: everywhere, or only in one system, for one department or one thing. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What is None is not restricted: a scope of nothing but None is everywhere.

    A `resource` is named as in the API: its collection and its id, as in "trips/0198c1d2".
    """

    system: str | None = None
    department_id: str | None = None
    resource: str | None = None

    def covers(self, asked: "Scope") -> bool:
        """Whether what holds here holds there."""
        return (
            (self.system is None or self.system == asked.system)
            and (self.department_id is None or self.department_id == asked.department_id)
            and (self.resource is None or self.resource == asked.resource)
        )


EVERYWHERE = Scope()


@dataclass(frozen=True)
class Grant:
    """Permissions that hold within a scope."""

    permissions: frozenset[str]
    scope: Scope
