"""Public addresses of the Inquiry Corner."""

from django.urls import path

from saphan.portal.inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("look/", views.look_up, name="look"),
    path("go-on/", views.go_on, name="go_on"),
    path("code/", views.keep_code, name="keep_code"),
    path("answer/", views.come_back, name="come_back"),
    path("thread/", views.thread, name="thread"),
    path("file/", views.own_file, name="file"),
    path("own/<str:token>/", views.by_mail, name="by_mail"),
    path("answers/", views.answers, name="answers"),
    path("answers/<uuid:pk>/", views.answer, name="answer"),
]
