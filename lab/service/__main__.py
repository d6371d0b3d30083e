"""python -m lab.service"""

from lab.service.server import main

main()
