provider "alicloud" {
  region = "cn-hangzhou"
  assume_role_with_oidc {
    oidc_provider_arn  = var.oidc_arn
    role_arn           = var.role_arn
    role_session_name  = "tf-oidc"
    oidc_token_file    = var.token_file
    session_expiration = 900
  }
}
