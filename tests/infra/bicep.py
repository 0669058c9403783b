"""A Bicep file as its declarations, read with tree-sitter. Knows no rule."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "infra" / "bicep"


@dataclass(frozen=True)
class Declared:
    """A resource, module or output: `kind` is its type, its file, or its data type."""

    name: str
    kind: str
    body: Node
    existing: bool = False

    @property
    def object(self) -> Node | None:
        """What it is made of, once for each turn if it is a loop."""
        return next((node for node in walk(self.body) if node.type == "object"), None)

    def value(self, *path: str) -> Node | None:
        """The value at a path of property names."""
        node = self.object
        for step in path:
            node = properties(node).get(step) if node else None
        return node


@dataclass
class File:
    """One .bicep file. `parameters` maps a name to its default, None where it must be given."""

    path: Path
    root: Node
    parameters: dict[str, Node | None] = field(default_factory=dict)
    variables: dict[str, Node] = field(default_factory=dict)
    resources: dict[str, Declared] = field(default_factory=dict)
    modules: dict[str, Declared] = field(default_factory=dict)
    outputs: dict[str, Declared] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def symbols(self) -> set[str]:
        """What expressions may name. Outputs are for others."""
        return {*self.parameters, *self.variables, *self.resources, *self.modules}


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bicep.language()))


def parsed(source: str, path: Path = FOLDER / "snippet.bicep") -> File:
    """Also what is broken: the rules tell."""
    file = File(path, _parser().parse(source.encode()).root_node)
    for node in file.root.named_children:
        _declare(file, node)
    return file


@cache
def read(path: Path) -> File:
    return parsed(path.read_text(encoding="utf-8"), path)


def all_files() -> list[File]:
    return [read(path) for path in sorted(FOLDER.rglob("*.bicep"))]


def _declare(file: File, node: Node) -> None:
    children = node.named_children
    if not children or children[0].type != "identifier":
        return
    name, last = text(children[0]), children[-1]
    match node.type:
        case "parameter_declaration":
            file.parameters[name] = last if len(children) > 2 else None
        case "variable_declaration":
            file.variables[name] = last
        case "output_declaration":
            file.outputs[name] = Declared(name, text(children[1]), last)
        case "resource_declaration":
            existing = any(child.type == "existing" for child in node.children)
            file.resources[name] = Declared(name, literal(children[1]) or "", last, existing)
        case "module_declaration":
            file.modules[name] = Declared(name, literal(children[1]) or "", last)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the source."""
    yield node
    for child in node.named_children:
        yield from walk(child)


def text(node: Node) -> str:
    return (node.text or b"").decode()


def literal(node: Node | None) -> str | None:
    """The content of a string without interpolation, else None."""
    if node is None or node.type != "string":
        return None
    if any(child.type != "string_content" for child in node.named_children):
        return None
    return "".join(text(child) for child in node.named_children)


def properties(node: Node) -> dict[str, Node]:
    """An object's values by key."""
    found = {}
    for child in node.named_children:
        if child.type == "object_property" and len(child.named_children) > 1:
            key = child.named_children[0]
            found[literal(key) or text(key)] = child.named_children[1]
    return found


def calls(node: Node, function: str) -> Iterator[list[Node]]:
    """The arguments of each call of a function."""
    for each in walk(node):
        if each.type == "call_expression" and text(each.named_children[0]) == function:
            yield each.named_children[1].named_children


def line(node: Node) -> int:
    return node.start_point[0] + 1
