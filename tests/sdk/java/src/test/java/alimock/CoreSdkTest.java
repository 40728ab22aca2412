package alimock;

import static alimock.CoreClient.Api.*;
import static alimock.Emulator.text;
import static org.junit.jupiter.api.Assertions.*;

import alimock.CoreClient.Api;
import alimock.Emulator.Account;
import alimock.Emulator.Key;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.auth.signers.SignatureAlgorithm;
import com.aliyuncs.exceptions.ClientException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** aliyun-java-sdk-core, signing in both of its ways: partner, root keys, refused keys. For users see TeaSdkTest. */
@ParameterizedClass
@EnumSource(SignatureVersion.class)
class CoreSdkTest {
    private static final String ENTERPRISE = "杭州示例有限公司";

    @Parameter
    SignatureVersion signature;

    private CoreClient as(Key key) {
        return new CoreClient(key, signature);
    }

    private CoreClient operator() {
        return as(Emulator.OPERATOR.key());
    }

    private void verify(String pk) throws ClientException {
        operator().call(CRM, "AddIdentityCertifiedForBidUser", "PK", pk, "BidType", "1", "Name", ENTERPRISE,
            "LicenseType", "9", "LicenseNumber", "91330000MA27JAVA00", "Phone", "13800000000", "IsEnterprise", "true");
    }

    private JsonObject certified(String pk) throws ClientException {
        JsonObject answer = operator().call(CRM, "QueryBidUserCertifiedInfo", "PK", pk, "BidType", "1");
        return JsonParser.parseString(text(answer, "Result")).getAsJsonObject();
    }

    /** What ECS tells an account about its own verification. */
    private static String realName(CoreClient root) throws ClientException {
        // ECS needs the region as a parameter; the SDK adds it by itself only when it signs with version 1.
        JsonObject answer = root.call(ECS, "DescribeAccountAttributes", "RegionId", "cn-hangzhou",
            "AttributeName.1", "real-name-authentication");
        JsonObject item = answer.getAsJsonObject("AccountAttributeItems").getAsJsonArray("AccountAttributeItem")
            .get(0).getAsJsonObject();
        return text(item.getAsJsonObject("AttributeValues").getAsJsonArray("ValueItem").get(0), "Value");
    }

    /** The keys of the caller: {@code <id> Active, <id> Inactive}. */
    private static String keys(CoreClient root, Api api) throws ClientException {
        JsonObject list = root.call(api, "ListAccessKeys").getAsJsonObject("AccessKeys");
        return StreamSupport.stream(list.getAsJsonArray("AccessKey").spliterator(), false)
            .map(key -> text(key, "AccessKeyId") + " " + text(key, "Status")).collect(Collectors.joining(", "));
    }

    private static String lastUsed(CoreClient root, Api api, Key key) throws ClientException {
        JsonObject answer = root.call(api, "GetAccessKeyLastUsed", "UserAccessKeyId", key.id());
        return text(answer.get("AccessKeyLastUsed"), "LastUsedDate");
    }

    @Test
    void a_partner_registers_accounts_of_both_sites() throws Exception {
        String name = Emulator.freshName();

        JsonObject china = operator().call(AAS, "CreateAliyunAccount", "AliyunId", name);
        JsonObject abroad = operator().call(AAS, "CreateIntlAliyunAccount", "NationalityCode", "SG");

        assertEquals(name, text(china, "AliyunId"));
        assertTrue(text(china, "PK").matches("\\d{16}") && text(abroad, "PK").matches("\\d{16}"));
        assertNotEquals(text(china, "PK"), text(abroad, "PK"));
    }

    @Test
    void verification_is_added_shown_and_taken_away() throws Exception {
        Account account = operator().register();
        String pk = account.uid();
        assertEquals("0", text(certified(pk), "isCertified"));
        assertEquals("none", realName(as(account.key())));

        verify(pk);
        JsonObject shown = certified(pk);
        assertEquals("1", text(shown, "isCertified"));
        assertEquals(ENTERPRISE, text(shown, "name"));
        assertEquals("enterprise", text(shown, "accountCertType"));

        operator().call(CRM, "RemoveIdentityCertifiedForBidUser", "PK", pk, "BidType", "1");
        assertEquals("0", text(certified(pk), "isCertified"));
        verify(pk);
        assertEquals("yes", realName(as(account.key())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"QueryBidUserCertifiedInfo", "RemoveIdentityCertifiedForBidUser"})
    void a_partner_may_touch_only_its_own_accounts(String action) {
        String own = Emulator.OPERATOR.uid();
        operator().refuses(400, "Empty PK", CRM, action, "BidType", "1");
        operator().refuses(404, "Invalid PK", CRM, action, "PK", "1000000000000000", "BidType", "1");
        operator().refuses(403, "Bid Mismatch", CRM, action, "PK", own, "BidType", "1");
        operator().refuses(404, "Invalid PK", AAS, "CreateAccessKeyForAccount", "PK", "1000000000000000");
        operator().refuses(403, "Bid Mismatch", AAS, "CreateAccessKeyForAccount", "PK", own);
    }

    @Test
    void an_ordinary_account_is_no_partner() {
        CoreClient demo = as(Emulator.DEMO.key());
        demo.refuses(403, "Not Bid", AAS, "CreateAliyunAccount", "AliyunId", Emulator.freshName());
        demo.refuses(403, "Not Bid", CRM, "QueryBidUserCertifiedInfo", "PK", Emulator.DEMO.uid(), "BidType", "1");
    }

    @Test
    void a_new_root_key_speaks_for_its_account() throws Exception {
        Account account = operator().register();

        JsonObject identity = as(account.key()).call(STS, "GetCallerIdentity");

        assertEquals("Account", text(identity, "IdentityType"));
        assertEquals(account.uid(), text(identity, "AccountId"));
        assertEquals("acs:ram::" + account.uid() + ":root", text(identity, "Arn"));
    }

    @ParameterizedTest
    @EnumSource(names = {"IMS", "RAM"})
    void a_root_user_manages_its_two_keys_through_either_api(Api api) throws Exception {
        Key first = operator().register().key();
        CoreClient root = as(first);
        Api other = api == RAM ? IMS : RAM;

        Key second = CoreClient.key(root.call(api, "CreateAccessKey"));

        root.refuses(409, "LimitExceeded.User.AccessKey", api, "CreateAccessKey");
        assertEquals(first.id() + " Active, " + second.id() + " Active", keys(root, api));
        assertEquals("", lastUsed(root, api, second));
        as(second).call(STS, "GetCallerIdentity");
        assertTrue(lastUsed(root, api, second).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
        root.call(api, "UpdateAccessKey", "UserAccessKeyId", second.id(), "Status", "Inactive");
        assertEquals(first.id() + " Active, " + second.id() + " Inactive", keys(root, other));
        root.call(other, "DeleteAccessKey", "UserAccessKeyId", second.id());
        assertEquals(first.id() + " Active", keys(root, api));
        root.refuses(404, "EntityNotExist.User.AccessKey", api, "DeleteAccessKey", "UserAccessKeyId", second.id());
    }

    @Test
    void texts_of_every_kind_arrive_as_they_were_sent() throws Exception {
        CoreClient root = as(operator().register().key());
        String text = "Ann & Bob+*~'()=%/ 张三";
        root.call(RAM, "CreateUser", "UserName", "alice", "DisplayName", text);
        JsonObject created = root.call(RAM, "GetUser", "UserName", "alice").getAsJsonObject("User");
        JsonObject cleared =
            root.call(RAM, "UpdateUser", "UserName", "alice", "NewDisplayName", "").getAsJsonObject("User");

        assertEquals(text, text(created, "DisplayName"));
        assertEquals("", text(cleared, "DisplayName"));
        root.refuses(400, "InvalidParameter.UserName.InvalidChars", RAM, "GetUser", "UserName", text);
    }

    @Test
    void a_key_is_refused_while_disabled_once_deleted_and_when_unknown() throws Exception {
        CoreClient root = as(operator().register().key());
        Key key = CoreClient.key(root.call(RAM, "CreateAccessKey"));
        String gone = "Specified access key is not found.";

        root.call(RAM, "UpdateAccessKey", "UserAccessKeyId", key.id(), "Status", "Inactive");
        assertEquals("Specified access key is disabled.",
            as(key).refuses(400, "InvalidAccessKeyId.Inactive", STS, "GetCallerIdentity"));
        root.call(RAM, "UpdateAccessKey", "UserAccessKeyId", key.id(), "Status", "Active");
        assertEquals("Account", text(as(key).call(STS, "GetCallerIdentity"), "IdentityType"));
        root.call(RAM, "DeleteAccessKey", "UserAccessKeyId", key.id());
        for (Key unknown : new Key[] {key, Emulator.UNKNOWN_KEY}) {
            assertEquals(gone, as(unknown).refuses(404, "InvalidAccessKeyId.NotFound", STS, "GetCallerIdentity"));
        }
    }

    /** The SDK finds its own string to sign in the message of version 1 and concludes that only the secret is wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"GetUser", "CreateUser"})
    void a_wrong_secret_is_named_as_such(String action) {
        CoreClient impostor = as(Emulator.DEMO.key().withWrongSecret());
        CommonRequest request = impostor.request(RAM, action, "UserName", "a b*~é");
        boolean v1 = signature == SignatureVersion.V1;

        String message = impostor.refuses(400, v1 ? "SDK.InvalidAccessKeySecret" : "SignatureDoesNotMatch",
            () -> impostor.getAcsResponse(request.buildRequest()));

        assertTrue(message.startsWith(v1 ? "Specified Access Key Secret is not valid."
            : "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256"), message);
        // The generic call does not compare.
        impostor.refuses(400, "SignatureDoesNotMatch", RAM, action, "UserName", "alice");
    }

    @Test
    void sm3_signs_as_well() throws Exception {
        CoreClient demo = as(Emulator.DEMO.key());
        CommonRequest request = demo.request(STS, "GetCallerIdentity");
        request.setSysSignatureVersion(SignatureVersion.V3);
        request.setSysSignatureAlgorithm(SignatureAlgorithm.ACS3_HMAC_SM3);

        JsonObject identity = JsonParser.parseString(demo.getCommonResponse(request).getData()).getAsJsonObject();

        assertEquals(Emulator.DEMO.uid(), text(identity, "AccountId"));
    }
}
