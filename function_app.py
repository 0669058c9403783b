"""Every function of the app; COLLAB_CAPABILITIES may choose fewer.

They come from `functions/index.json`, and what is behind them is loaded when it is first called.
With COLLAB_INDEX=off they come from the code itself: slower, and never behind it.
"""

import azure.functions as func

from shared.platform.settings import enabled_capabilities, indexed
from shared.registering import index
from shared.registering.rooms import blueprints, relays

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)  # @endpoint checks the caller
capabilities = enabled_capabilities()

if indexed():
    app.register_functions(index.blueprint(capabilities))
    for each in relays(capabilities):
        app.register_functions(each)
else:
    for each in blueprints(capabilities):
        app.register_functions(each)
