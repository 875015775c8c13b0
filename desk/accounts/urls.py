"""Pages of accounts."""

from django.urls import path

from desk.accounts import openid, second_factor, views

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("password/", views.Password.as_view(), name="password"),
    path("second-factor/", second_factor.SecondFactor.as_view(), name="second_factor"),
    path("second-factor/set-up/", second_factor.Setup.as_view(), name="second_factor_setup"),
    path("provider/", openid.to_provider, name="provider"),
    path("provider/back/", openid.from_provider, name="provider_callback"),
]
