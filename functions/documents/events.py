"""What documents do when something was told."""

import azure.functions as func

from functions.documents.wiring import accepting
from shared.contracts.esignature import EnvelopeCompleted
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("documents_on_envelope_completed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="esignature",
    subscription_name="documents-on-envelope-completed",
)
@handles(EnvelopeCompleted)
async def on_envelope_completed(event: EnvelopeCompleted) -> None:
    """Keep the sealed PDF as the next version of the document that was sent for signing."""
    await accepting().add_sealed(event)
