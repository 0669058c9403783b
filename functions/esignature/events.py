"""What e-signature does when a job waits for it."""

import azure.functions as func

from functions.esignature.wiring import esignature
from shared.contracts.esignature import SealEnvelope
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("esignature_seal")
@bp.service_bus_queue_trigger("message", connection="SERVICE_BUS", queue_name="esignature-seal")
@handles(SealEnvelope)
async def seal(job: SealEnvelope) -> None:
    """Make the sealed PDF and its evidence."""
    await esignature().sealing.seal(job)
