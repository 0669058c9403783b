"""What became of e-mails and SMS, for those who may look after them."""

from functions.notifications.api.blueprint import bp
from functions.notifications.models import DeliveryFilter, DeliveryView
from functions.notifications.wiring import deliveries
from shared.errors import Missing
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page


@bp.function_name("notifications_list_deliveries")
@bp.route("v1/deliveries", methods=["GET"])
@endpoint(needs="notifications:audit", asks=DeliveryFilter, gives=Page[DeliveryView])
async def list_deliveries(call: Call[None, DeliveryFilter]) -> Page[DeliveryView]:
    """List e-mails and SMS and what became of them, newest first."""
    return await page(
        call.asks,
        DeliveryView,
        lambda after, limit: deliveries().listed(call.tenant_id, call.asks.status, after, limit),
    )


@bp.function_name("notifications_read_delivery")
@bp.route("v1/deliveries/{delivery_id}", methods=["GET"])
@endpoint(needs="notifications:audit", gives=DeliveryView, refuses=[Missing])
async def read_delivery(call: Call) -> Reply:
    """Read one e-mail or SMS. Links are shown by their host alone."""
    return shown(await deliveries().get(call.tenant_id, call.route["delivery_id"]), DeliveryView)
