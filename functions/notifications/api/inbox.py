"""The caller's own inbox over HTTP; nobody sees another's."""

from functions.notifications.api.blueprint import bp
from functions.notifications.models import (
    ChooseLocale,
    CountView,
    LocaleView,
    MarkedView,
    NotificationFilter,
    NotificationView,
)
from functions.notifications.wiring import inbox, inbox_records
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page


@bp.function_name("notifications_list")
@bp.route("v1/notifications", methods=["GET"])
@endpoint(needs="notifications:read", asks=NotificationFilter, gives=Page[NotificationView])
async def list_notifications(call: Call[None, NotificationFilter]) -> Page[NotificationView]:
    """List your own notifications, newest first."""
    return await page(
        call.asks,
        NotificationView,
        lambda after, limit: inbox_records().of(
            call.tenant_id, call.caller.id, call.asks.unread, after, limit
        ),
    )


@bp.function_name("notifications_count")
@bp.route("v1/notifications/count", methods=["GET"])
@endpoint(needs="notifications:read", gives=CountView)
async def count_notifications(call: Call) -> CountView:
    """Count your own unread notifications."""
    return CountView(unread=await inbox_records().unread(call.tenant_id, call.caller.id))


@bp.function_name("notifications_read")
@bp.route("v1/notifications/{notification_id}/read", methods=["POST"])
@endpoint(needs="notifications:read", gives=NotificationView, refuses=[Missing])
async def read_notification(call: Call) -> Reply:
    """Mark one of your notifications as read. Safe to repeat."""
    return shown(await inbox().read(call.caller, call.route["notification_id"]), NotificationView)


@bp.function_name("notifications_read_all")
@bp.route("v1/notifications/read-all", methods=["POST"])
@endpoint(needs="notifications:read", gives=MarkedView)
async def read_all_notifications(call: Call) -> MarkedView:
    """Mark your unread notifications as read, the newest 500 of them."""
    return MarkedView(marked=await inbox().read_all(call.caller))


@bp.function_name("notifications_choose_locale")
@bp.route("v1/notifications/locale", methods=["POST"])
@endpoint(
    needs="notifications:read", takes=ChooseLocale, gives=LocaleView, refuses=[Missing, Stale]
)
async def choose_locale(call: Call[ChooseLocale]) -> Reply:
    """Choose the language in which you are told things."""
    return shown(await inbox().choose_locale(call.caller, call.body.locale), LocaleView)
