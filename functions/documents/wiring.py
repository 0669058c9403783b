"""How documents are put together. The one file here that knows which classes are real."""

from functions.documents.domain.documents import Document
from functions.documents.repository import CosmosDocumentRecords
from functions.documents.service.abandoning import AbandoningService
from functions.documents.service.accepting import AcceptingService
from functions.documents.service.documents import DocumentsService
from shared.contracts.documents import CONTENT
from shared.contracts.esignature import SEALED
from shared.files.blobs import Blobs
from shared.platform import clock
from shared.platform.clients import blobs, container
from shared.provided import Provided

UPLOADS = "uploads"

records = Provided(lambda: CosmosDocumentRecords(container("documents"), Document, clock.now))
uploads = Provided(lambda: Blobs(blobs(), UPLOADS, clock.now))
contents = Provided(lambda: Blobs(blobs(), CONTENT, clock.now))
sealed = Provided(lambda: Blobs(blobs(), SEALED, clock.now))

documents = Provided(lambda: DocumentsService(records(), uploads(), contents(), clock.now))
accepting = Provided(
    lambda: AcceptingService(records(), uploads(), contents(), sealed(), clock.now)
)
abandoning = Provided(lambda: AbandoningService(records(), uploads(), contents(), clock.now))
