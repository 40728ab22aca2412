package io.github.alimock;

/**
 * A recorded call of a client.
 *
 * @param name product and action, such as {@code Ram.CreateUser}; method and path if the call names no action
 * @param status HTTP status of the response
 * @param code error code; empty for success
 * @param who the caller: {@code demo/dev}, or an ARN; {@code -} if it is unknown
 * @param why reason of the response; empty for success
 * @param step step of the gateway that rejected the call, such as {@code authorize}; empty for success
 * @param requestId id of the request
 * @param record the whole record, as {@code docs/control-api.md} describes it
 */
public record Call(
    String name, int status, String code, String who, String why, String step, String requestId, Json record) {

    static Call of(Json record) {
        String product = record.get("product").textOr("");
        String action = record.get("action").textOr("");
        String name = product.isEmpty() || action.isEmpty()
            ? record.get("method").text() + " " + record.get("path").text()
            : product + "." + action;
        return new Call(name, (int) record.get("status").number(), record.get("code").textOr(""),
            record.get("who").textOr("-"), record.get("why").textOr(""), record.get("step").textOr(""),
            record.get("requestId").text(), record);
    }

    /**
     * Tells if the call was rejected.
     *
     * @return {@code true} if the status is 400 or higher
     */
    public boolean isRefused() {
        return status >= 400;
    }

    /** Returns the call in one line: status, name, caller, code, reason, id of the request. */
    @Override
    public String toString() {
        String reason = code.isEmpty() ? "" : " " + code + ": " + why;
        return status + " " + name + " " + who + reason + " (" + requestId + ")";
    }
}
