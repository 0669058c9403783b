"""`python -m local.gateway --port N --upstream URL`: the gateway as a part of the local Azure."""

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path

from local.ending import asked_to_end
from local.gateway.composition import Composition, Parameters, composed
from local.gateway.refusals import PolicyRefused
from local.gateway.server import serving

UPSTREAM = "http://127.0.0.1:7071"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.gateway", description=__doc__)
    parser.add_argument("--port", type=int, default=7080, help="0 takes any free one")
    parser.add_argument("--upstream", default=UPSTREAM, help="the app's host, without a path")
    parser.add_argument("--data", type=Path, help="as of every part; this one keeps nothing")
    parser.add_argument("--faults", type=Path, help="as of every part; this one has none")
    parser.add_argument("--public-url", help="the app's PUBLIC_BASE_URL, if it is not the upstream")
    parser.add_argument(
        "--origin", action="append", default=[], help="a web app that may call; repeat for more"
    )
    parser.add_argument(
        "--calls-per-minute", type=int, help="from one address; 0: no limit, as on Consumption"
    )
    parser.add_argument(
        "--verify-tokens", action="store_true", help="as with verifyTokensAtGateway"
    )
    return parser.parse_args()


def parameters(options: argparse.Namespace) -> Parameters:
    return Parameters(
        public_base_url=(options.public_url or options.upstream).rstrip("/"),
        origins=tuple(options.origin),
        limits_rates=options.calls_per_minute != 0,
        verifies_tokens=options.verify_tokens,
        calls_per_minute=options.calls_per_minute,
    )


async def serve(composition: Composition, upstream: str, port: int) -> None:
    """Until SIGTERM or SIGINT. Raises PolicyRefused, and OSError for a port that is taken."""
    stop = asked_to_end()
    async with serving(composition, upstream, port) as url:
        print("ready " + json.dumps({"url": url}), flush=True)
        await stop.wait()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    options = arguments()
    try:
        composition = composed(parameters(options))
        asyncio.run(serve(composition, options.upstream, options.port))
    except (PolicyRefused, OSError) as error:
        logging.getLogger("local.gateway").error("%s", error)  # noqa: TRY400  # its sentence is enough
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
