"""A Django application that the published package guards, on a real WSGI server.

The settings of the package come with each request, so that one process serves them all. The first
line of the output is the port.
"""

import json
import logging
from urllib.parse import unquote
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

settings.configure(
    SECRET_KEY="of Django itself, used for nothing here",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[f"{__name__}.with_settings_of_request"],
    LOGGING_CONFIG=None,
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
)
logging.disable(logging.CRITICAL)

from django.http import HttpResponse  # noqa: E402
from django.urls import re_path  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from simple_api_signing.common.middleware import SASigningMiddleware  # noqa: E402
from simple_api_signing.common.rest_permission import SASigningPermission  # noqa: E402


def with_settings_of_request(get_response):
    """Puts the settings of a request in force, with the guard that it names."""

    def middleware(request):
        given = json.loads(unquote(request.META["HTTP_X_SA_SETTINGS"]))
        guarded = get_response
        if request.META["HTTP_X_SA_GUARD"] == "middleware":
            guarded = SASigningMiddleware(get_response)
        with override_settings(**given):
            return guarded(request)

    return middleware


class Guarded(APIView):
    """Answers whatever the permission lets through."""

    permission_classes = [SASigningPermission]

    def answer(self, request):
        return Response("ok")

    get = post = put = patch = delete = options = head = answer


guarded = Guarded.as_view()


def view(request):
    if request.META["HTTP_X_SA_GUARD"] == "permission":
        return guarded(request)
    return HttpResponse("ok")


urlpatterns = [re_path("", view)]


class Handler(WSGIRequestHandler):
    """wsgiref's own, less what no server in production does."""

    def get_environ(self):
        environ = super().get_environ()
        if self.headers["content-type"] is None:
            del environ["CONTENT_TYPE"]
        return environ

    def address_string(self):
        return self.client_address[0]

    def log_message(self, *args):
        pass


application = get_wsgi_application()
with make_server("127.0.0.1", 0, application, handler_class=Handler) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
