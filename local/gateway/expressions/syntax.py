"""What expressions are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    kind: str
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(frozen=True, slots=True)
class Member:
    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    of: "Node"
    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class New:
    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    sign: str
    left: "Node"
    right: "Node"


Node = Literal | Name | Member | Call | New | Not | Binary
