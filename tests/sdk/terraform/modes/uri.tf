provider "alicloud" {
  region          = "cn-hangzhou"
  credentials_uri = var.uri
}
