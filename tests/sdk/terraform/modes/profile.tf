provider "alicloud" {
  region                  = "cn-hangzhou"
  profile                 = var.profile
  shared_credentials_file = "config.json"
}
