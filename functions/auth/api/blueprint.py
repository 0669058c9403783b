"""The one blueprint that the HTTP functions of auth are put on."""

import azure.functions as func

bp = func.Blueprint()
