"""What calls do with what LiveKit said."""

import azure.functions as func

from functions.calls.wiring import calls
from shared.contracts.calls import RecordWebhook
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("calls_record_webhook")
@bp.service_bus_queue_trigger(
    "message", connection="SERVICE_BUS", queue_name="calls-webhooks", is_sessions_enabled=True
)
@handles(RecordWebhook)
async def record_webhook(job: RecordWebhook) -> None:
    """Keep who came, who went, and that a room is gone."""
    await calls().record(job)
