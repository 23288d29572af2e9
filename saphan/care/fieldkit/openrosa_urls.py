"""What ODK Collect asks, under /openrosa/."""


app_name = "openrosa"
urlpatterns: list = []
