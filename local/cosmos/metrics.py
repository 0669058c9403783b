"""What a client may ask of a query beside its rows: where the time went, which indexes served."""

import base64
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.cosmos.charges import Work
from local.cosmos.indexing import Indexing, Key
from local.cosmos.wire import Document, encode

QUERY_METRICS = "x-ms-documentdb-query-metrics"
INDEX_METRICS = "x-ms-cosmos-index-utilization"
_NOTHING: Document = {
    "UtilizedSingleIndexes": [],
    "PotentialSingleIndexes": [],
    "UtilizedCompositeIndexes": [],
    "PotentialCompositeIndexes": [],
}


@dataclass(slots=True)
class Times:
    """Milliseconds of the stages of one query."""

    spent_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.spent_ms[stage] = (time.perf_counter() - began) * 1000


def query_metrics(times: Times, work: Work, rows: int, output_size: int) -> str:
    """`name=value;...` as the service writes it. What is not measured apart is zero."""
    compiled, run = times.spent_ms.get("compile", 0.0), times.spent_ms.get("run", 0.0)
    written = {
        "totalExecutionTimeInMs": compiled + run,
        "queryCompileTimeInMs": compiled,
        "queryLogicalPlanBuildTimeInMs": 0.0,
        "queryPhysicalPlanBuildTimeInMs": 0.0,
        "queryOptimizationTimeInMs": 0.0,
        "VMExecutionTimeInMs": run,
        "indexLookupTimeInMs": 0.0,
        "documentLoadTimeInMs": 0.0,
        "systemFunctionExecuteTimeInMs": 0.0,
        "userFunctionExecuteTimeInMs": 0.0,
        "writeOutputTimeInMs": 0.0,
    }
    ratio = 1.0 if not work.documents else min(1.0, rows / work.documents)
    counted = {
        "retrievedDocumentCount": work.documents,
        "retrievedDocumentSize": work.size,
        "outputDocumentCount": rows,
        "outputDocumentSize": output_size,
    }
    parts = [f"{name}={value:.2f}" for name, value in written.items()]
    parts += [f"{name}={value}" for name, value in counted.items()]
    return ";".join([*parts, f"indexUtilizationRatio={ratio:.2f}"])


def index_metrics(paths: Iterable[str], order: list[Key], indexing: Indexing) -> str:
    """Base64 of JSON: the paths of the filter, by whether the policy indexes them; the order."""
    found: Document = {name: [] for name in _NOTHING}
    for path in sorted(set(paths)):
        kind = "UtilizedSingleIndexes" if indexing.covers(path) else "PotentialSingleIndexes"
        found[kind].append(_single(f"{path}/?"))
    if len(order) == 1:
        found["UtilizedSingleIndexes"].append(_single(f"{order[0][0]}/?"))
    elif order:
        specs = [f"{path} {'DESC' if descending else 'ASC'}" for path, descending in order]
        found["UtilizedCompositeIndexes"].append(
            {"IndexSpecs": specs, "IndexPreciseSet": False, "IndexImpactScore": "High"}
        )
    return base64.b64encode(encode(found)).decode()


def _single(path: str) -> Document:
    return {
        "FilterExpression": "",
        "IndexSpec": path,
        "FilterPreciseSet": True,
        "IndexPreciseSet": True,
        "IndexImpactScore": "High",
    }
