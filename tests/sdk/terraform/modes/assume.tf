provider "alicloud" {
  region = "cn-hangzhou"
  assume_role {
    role_arn           = var.role_arn
    session_name       = "tf-assume"
    session_expiration = 1800
    policy             = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = ["ram:*", "sts:*"], Resource = "*" }] })
  }
}
