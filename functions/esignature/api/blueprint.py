"""The one blueprint that the HTTP functions of e-signature are put on."""

import azure.functions as func

bp = func.Blueprint()
