"""Both surfaces in one process."""

from saphan.settings.urls_casework import desk, home
from saphan.settings.urls_kernel import urlpatterns as kernel
from saphan.settings.urls_public import in_each_language, portal

urlpatterns = [*kernel, home, *desk, *portal, *in_each_language]
