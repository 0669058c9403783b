"""Which names a Bicep file uses, and what it may mean by them."""

from collections.abc import Iterator

from tree_sitter import Node

from tests.infra.bicep import File, line, text, walk

FUNCTIONS = {
    *("contains", "empty", "filter", "flatten", "items", "join", "length", "map", "toObject"),
    *("guid", "replace", "split", "string", "toLower", "toUpper", "union", "uniqueString"),
    *("loadJsonContent", "loadTextContent", "subscription", "subscriptionResourceId"),
}
LIMITS = {"minLength", "maxLength", "minValue", "maxValue", "allowed"}
DECORATORS = LIMITS | {"description", "metadata", "secure"}


def undefined_names(file: File) -> list[str]:
    """Names that nothing declares: symbols, functions and decorators."""
    found = []
    for statement in file.root.named_children:
        known = file.symbols | _local_names(statement)
        found += [
            f"{file.name}:{line(node)}: {text(node)} is not declared"
            for node in used(statement)
            if text(node) not in known
        ]
        found += [
            f"{file.name}:{line(node)}: {text(node)} is no known function"
            for node, allowed in called(statement)
            if text(node) not in allowed
        ]
    return found


def unused_names(file: File) -> list[str]:
    """Parameters and variables that nobody reads."""
    read = {text(node) for statement in file.root.named_children for node in used(statement)}
    return [
        f"{file.name}: {name} is never used"
        for name in (*file.parameters, *file.variables)
        if name not in read
    ]


def used(statement: Node) -> Iterator[Node]:
    """Identifiers that stand for a value."""
    declared = statement.type.endswith("_declaration")
    for node in walk(statement):
        if node.type != "identifier" or node.parent is None:
            continue
        first = node.parent.named_children[0] == node
        names = declared and first and node.parent == statement
        keys = first and node.parent.type in {"object_property", "call_expression"}
        binds = first and node.parent.type in {"lambda_expression", "for_statement"}
        if not (names or keys or binds):
            yield node


def called(statement: Node) -> Iterator[tuple[Node, set[str]]]:
    """The names of called functions, each with those that may be called there."""
    for node in walk(statement):
        if node.type == "call_expression" and node.parent is not None:
            decorates = node.parent.type == "decorator"
            yield node.named_children[0], DECORATORS if decorates else FUNCTIONS


def _local_names(statement: Node) -> set[str]:
    """Of loops and lambdas. The grammar ends a lambda's body early, so they count everywhere."""
    found = set()
    for node in walk(statement):
        if node.type in {"loop_variable", "loop_enumerator"} or (
            node.type == "identifier"
            and node.parent is not None
            and node.parent.type in {"for_statement", "lambda_expression"}
            and node.parent.named_children[0] == node
        ):
            found.add(text(node))
    return found
