// Package recipe calls GetCallerIdentity of STS with both SDKs, in each way.
package recipe

import (
	"os"
	"strings"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	tea "github.com/alibabacloud-go/sts-20150401/v2/client"
	core "github.com/aliyun/alibaba-cloud-sdk-go/services/sts"
)

var (
	host       = strings.TrimPrefix(os.Getenv("ALIMOCK_ENDPOINT"), "http://")
	region     = "cn-hangzhou"
	plain      = "HTTP"
	id, secret = os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
)

// ViaTea uses the packages of alibabacloud-go, whose default is HTTPS.
func ViaTea(way openapi.Config) (arn string, err error) {
	way.AccessKeyId, way.AccessKeySecret, way.RegionId = &id, &secret, &region
	client, err := tea.NewClient(&way)
	if err != nil {
		return "", err
	}
	answer, err := client.GetCallerIdentity()
	if err != nil {
		return "", err
	}
	return *answer.Body.Arn, nil
}

// ViaCore uses alibaba-cloud-sdk-go, whose default is HTTP.
func ViaCore(domain, scheme string) (arn string, err error) {
	client, err := core.NewClientWithAccessKey(region, id, secret)
	if err != nil {
		return "", err
	}
	request := core.CreateGetCallerIdentityRequest()
	request.Domain, request.Scheme = domain, scheme
	answer, err := client.GetCallerIdentity(request)
	if err != nil {
		return "", err
	}
	return answer.Arn, nil
}

func PlainViaTea() (string, error)  { return ViaTea(openapi.Config{Endpoint: &host, Protocol: &plain}) }
func PlainViaCore() (string, error) { return ViaCore(host, "HTTP") }
func TLSViaTea() (string, error)    { return ViaTea(openapi.Config{Endpoint: &host}) }
func TLSViaCore() (string, error)   { return ViaCore(host, "HTTPS") }
func ProxyViaTea() (string, error)  { return ViaTea(openapi.Config{}) }
func ProxyViaCore() (string, error) { return ViaCore("", "HTTPS") }
