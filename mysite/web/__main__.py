from mysite.web.server import main

main()
