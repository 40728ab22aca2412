provider "alicloud" {
  region        = "cn-hangzhou"
  ecs_role_name = "vm"
}
