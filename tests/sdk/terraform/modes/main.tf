# What each mode of credentials is asked for: who the caller is, and a change that needs its permission.
terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}
variable "role_arn" { default = "" }
variable "oidc_arn" { default = "" }
variable "token_file" { default = "" }
variable "uri" { default = "" }
variable "profile" { default = "" }
data "alicloud_caller_identity" "c" {}
resource "alicloud_ram_group" "g" { group_name = "tf-mode" }
output "arn" { value = data.alicloud_caller_identity.c.arn }
