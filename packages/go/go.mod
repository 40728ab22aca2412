module github.com/alimock/alimock/packages/go

go 1.24
