"""Containers, queues, topics and subscriptions come from topology.json and from nowhere else."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from tree_sitter import Node

from tests.infra.bicep import FOLDER, Declared, File, all_files, literal, parsed, read, text, walk

MODULES = FOLDER / "modules"
# What is made for each entry of a list, in which file, and under which name of its own.
MADE = {
    "/sqlDatabases/containers@": ("cosmos.bicep", "container"),
    "/blobServices/containers@": ("content-storage.bicep", "container"),
    "/namespaces/queues@": ("service-bus.bicep", "queue"),
    "/topics/subscriptions@": ("service-bus-topic.bicep", "subscriber"),
}
UPLOADS = "uploads"  # the one that has a lifecycle
Json = dict[str, Any]


def names(topology: Json) -> set[str]:
    """Whatever has a name; database and containers share some with topics."""
    found = {topology["cosmos"]["database"]}
    for entries in listed(topology):
        found |= {entry["name"] for entry in entries}
    return found


def listed(topology: Json) -> list[list[Json]]:
    bus = topology["serviceBus"]
    return [
        topology["cosmos"]["containers"],
        topology["blob"]["containers"],
        bus["queues"],
        [each for topic in bus["topics"] for each in topic["subscriptions"]],
        bus["topics"],
    ]


def second_lists(file: File, known: Iterable[str]) -> Iterator[str]:
    """Names of the topology that are written down once more."""
    for node in walk(file.root):
        if node.parent is not None and node.parent.type != "module_declaration":
            name = literal(node)
            if name in set(known) and not _names_a_module(node):
                yield f"{file.name}: {name}"


def _names_a_module(node: Node) -> bool:
    """The name of a deployment is not that of what it deploys."""
    parent = node.parent
    while parent is not None and parent.type != "module_declaration":
        if parent.type == "object_property" and text(parent.named_children[0]) != "name":
            return False
        parent = parent.parent
    return parent is not None


def made(kind: str) -> tuple[File, Declared, str]:
    name, variable = MADE[kind]
    file = read(MODULES / name)
    found = [each for each in file.resources.values() if kind in each.kind and not each.existing]
    assert len(found) == 1, kind
    return file, found[0], variable


def test_no_file_names_what_the_topology_names(topology: Json) -> None:
    found = [line for file in all_files() for line in second_lists(file, names(topology))]
    assert found == [f"content-storage.bicep: {UPLOADS}"]
    assert UPLOADS in {each["name"] for each in topology["blob"]["containers"]}


def test_a_second_list_is_noticed() -> None:
    file = parsed("module trips 'x.bicep' = {\n  name: 'trips'\n}\nvar more = [\n  'trips'\n]\n")
    assert list(second_lists(file, ["trips"])) == ["snippet.bicep: trips"]


@pytest.mark.parametrize("kind", MADE)
def test_each_entry_is_made_in_a_loop(kind: str) -> None:
    _, resource, variable = made(kind)
    assert resource.body.type == "for_statement"
    name = resource.value("name")
    assert name is not None
    assert text(name) == f"{variable}.name"


@pytest.mark.parametrize(("kind", "at"), [(kind, at) for at, kind in enumerate(MADE)])
def test_every_word_of_an_entry_is_deployed(kind: str, at: int, topology: Json) -> None:
    """Else the local Azure would obey what Azure never hears of."""
    file, _, variable = made(kind)
    read_here = set(re.findall(rf"\b{variable}\.(\w+)", text(file.root)))
    written = {key for entry in listed(topology)[at] for key in entry}
    assert written - {"consumer"} <= read_here


def test_topics_are_made_one_module_each(topology: Json) -> None:
    bus = read(MODULES / "service-bus.bicep")
    module = bus.modules["busTopics"]
    assert module.body.type == "for_statement"
    written = {key for topic in topology["serviceBus"]["topics"] for key in topic}
    assert written == set(re.findall(r"\btopic\.(\w+)", text(module.body)))


def test_main_passes_every_list_on() -> None:
    source = text(read(FOLDER / "main.bicep").root)
    for path in ("blob.containers", "cosmos.containers", "serviceBus.queues", "serviceBus.topics"):
        assert f"topology.{path}\n" in source


def test_a_subscription_has_its_own_filter_only() -> None:
    """The rule that lets everything pass is replaced, which takes its very name."""
    file = read(MODULES / "service-bus-topic.bicep")
    rule = next(each for each in file.resources.values() if "/rules@" in each.kind)
    assert literal(rule.value("name")) == "$Default"
    assert literal(rule.value("properties", "filterType")) == "CorrelationFilter"


def test_filters_say_only_what_azure_knows(topology: Json) -> None:
    known = {"contentType", "correlationId", "label", "messageId", "properties", "replyTo"}
    known |= {"replyToSessionId", "sessionId", "to"}
    for subscription in listed(topology)[3]:
        assert set(subscription["correlationFilter"]) <= known
