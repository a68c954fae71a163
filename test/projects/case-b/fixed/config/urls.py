from django.urls import include, path

urlpatterns = [
    path("api/tickets/", include("tickets.urls")),
    path("api/analytics/", include("analytics.urls")),
]
