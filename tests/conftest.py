"""What all tests share."""

import sys
from pathlib import Path

# book/ is no installed package: the author's commands run from the root of the checkout
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
