"""The functions of notifications over HTTP, gathered; the modules beside this one add theirs."""

import azure.functions as func

bp = func.Blueprint()
