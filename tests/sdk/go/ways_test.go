package sdk

import (
	"strings"
	"testing"

	"alimock/tests/sdk/go/recipe"
)

func TestTheRecipeOfTheDocumentationRuns(t *testing.T) {
	recipes := map[string][]func() (string, error){
		"":      {recipe.PlainViaTea, recipe.PlainViaCore},
		"tls":   {recipe.TLSViaTea, recipe.TLSViaCore},
		"proxy": {recipe.ProxyViaTea, recipe.ProxyViaCore},
	}
	if way == "hosts" {
		t.Skip("nothing sets a key in there")
	}
	for _, caller := range recipes[way] {
		if arn, err := caller(); err != nil || !strings.HasSuffix(arn, ":root") {
			t.Error(arn, err)
		}
	}
	if len(recipes[way]) == 0 {
		t.Fatal(way)
	}
}
