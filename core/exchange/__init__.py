"""What crosses the house's walls as a file: the partnership file comes in, the export goes out."""

from core.exchange.importing import Imported, import_board
from core.exchange.reading import read_board
from core.exchange.shapes import BoardFile, Mistake

__all__ = ["BoardFile", "Imported", "Mistake", "import_board", "read_board"]
