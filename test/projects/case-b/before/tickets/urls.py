from django.urls import include, path
from rest_framework.routers import DefaultRouter

from .views import AttachmentListView, CustomerDetailView, CustomerListView, TicketViewSet

router = DefaultRouter()
router.register("", TicketViewSet)

urlpatterns = [
    path("customers/", CustomerListView.as_view()),
    path("customers/<int:pk>/", CustomerDetailView.as_view()),
    path("attachments/", AttachmentListView.as_view()),
    path("", include(router.urls)),
]
