"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"saphan.settings.{os.environ.get('SAPHAN_SURFACE', 'all')}")
application = get_wsgi_application()
