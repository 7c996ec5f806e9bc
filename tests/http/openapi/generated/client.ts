// @ts-nocheck: as oazapfts writes it; it is not our code.
/**
 * Speko API
 * 1.0.0
 * DO NOT MODIFY - This file has been generated using oazapfts.
 * See https://www.npmjs.com/package/oazapfts
 */
import * as Oazapfts from "@oazapfts/runtime";
import * as QS from "@oazapfts/runtime/query";
export const defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders> = {
    headers: {},
    baseUrl: "https://api.speko.dev"
};
const oazapfts = Oazapfts.runtime(defaults);
export const servers = {
    production: "https://api.speko.dev"
};
export type E164 = string;
export type PhoneNumberDirection = "inbound" | "outbound" | "both";
export type PhoneNumberSetupStatus = {
    status: "ready" | "action_required" | "suspended";
    inboundReady: boolean;
    outboundReady: boolean;
    agentReady: boolean;
    forwardingRequired: boolean;
    sipConnectionReady: boolean;
    issues: string[];
};
export type PhoneNumber = {
    id: string;
    organizationId: string;
    e164: E164;
    source: "managed" | "sip_trunk";
    providerResourceId?: string | null;
    telnyxPhoneNumberId?: string | null;
    sipTrunkId?: string | null;
    sipConnectionInstallationId?: string | null;
    sipProviderName?: string | null;
    direction: PhoneNumberDirection;
    dispatchMetadataTemplate?: {
        [key: string]: any;
    } | null;
    agentId?: string | null;
    label?: string | null;
    sms10dlcProfileId?: string | null;
    smsCampaignId?: string | null;
    smsAssignmentStatus?: string | null;
    smsAssignmentUpdatedAt?: string | null;
    setupStatus: PhoneNumberSetupStatus;
    nextChargeAt?: string;
    lastChargedAt?: string | null;
    suspendedAt?: string | null;
    createdAt: string;
    updatedAt: string;
};
export type Error = {
    error: string;
    code: string;
};
export type JsonObject = {
    [key: string]: any;
};
export type PhoneNumberCreateRequest = {
    e164: E164;
    direction?: PhoneNumberDirection;
    dispatchMetadataTemplate?: JsonObject;
    label?: string;
    agentId?: string;
};
export type AvailablePhoneNumber = {
    e164: E164;
    friendlyName: string;
    monthlyCostUsd: number;
    upfrontCostUsd: number;
    features: string[];
    region: JsonObject;
};
export type PhoneNumberImportRequest = {
    e164: E164;
    sipConnectionInstallationId?: string;
    sipTrunkId?: string;
    sipProviderName?: string;
    direction?: PhoneNumberDirection;
    dispatchMetadataTemplate?: JsonObject;
    label?: string;
    agentId?: string;
};
export type PhoneNumberKybBusinessProfile = {
    legalName: string;
    displayName: string;
    entityType: string;
    country: string;
    registrationId?: string;
    website: string;
    address: JsonObject;
    useCase: string;
    expectedUsage: string;
};
export type PhoneNumberKybAuthorizedRepresentative = {
    name: string;
    title: string;
    email: string;
    phone?: E164;
};
export type PhoneNumberKybSubmission = {
    id: string;
    organizationId: string;
    status: "draft" | "submitted" | "approved" | "rejected" | "revoked";
    businessProfile?: PhoneNumberKybBusinessProfile;
    authorizedRepresentative?: PhoneNumberKybAuthorizedRepresentative;
    attestationAccepted: boolean;
    attestedAt?: string | null;
    submittedAt?: string | null;
    rejectionReason?: string | null;
    slackNotificationStatus?: "not_queued" | "queued" | "enqueue_failed";
    slackNotificationJobId?: string | null;
    slackNotificationError?: string | null;
    createdAt: string;
    updatedAt: string;
};
export type PhoneNumberKybOverview = {
    status: "missing" | "draft" | "submitted" | "approved" | "rejected" | "revoked";
    submission: PhoneNumberKybSubmission;
    prefill: {
        businessProfile?: PhoneNumberKybBusinessProfile;
        authorizedRepresentative?: PhoneNumberKybAuthorizedRepresentative;
    } | null;
};
export type PhoneNumberKybDraftRequest = {
    businessProfile: PhoneNumberKybBusinessProfile;
    authorizedRepresentative: PhoneNumberKybAuthorizedRepresentative;
    attestationAccepted?: boolean;
};
export type PhoneNumberKybSubmitRequest = PhoneNumberKybDraftRequest & {
    attestationAccepted: true;
};
export type PhoneNumberUpdateRequest = {
    direction?: PhoneNumberDirection;
    dispatchMetadataTemplate?: {
        [key: string]: any;
    } | null;
    label?: string | null;
    agentId?: string | null;
};
export function listPhoneNumbers(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumber[];
    } | {
        status: 401;
        data: Error;
    }>("/v1/phone-numbers", {
        ...opts
    });
}
export function createPhoneNumber(phoneNumberCreateRequest: PhoneNumberCreateRequest, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumber;
    } | {
        status: 400;
        data: Error;
    } | {
        status: 401;
        data: Error;
    }>("/v1/phone-numbers", oazapfts.json({
        ...opts,
        method: "POST",
        body: phoneNumberCreateRequest
    }));
}
export function searchAvailablePhoneNumbers({ areaCode, locality, limit }: {
    areaCode?: string;
    locality?: string;
    limit?: number;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: AvailablePhoneNumber[];
    } | {
        status: 401;
        data: Error;
    }>(`/v1/phone-numbers/available${QS.query(QS.explode({
        areaCode,
        locality,
        limit
    }))}`, {
        ...opts
    });
}
export function importSipTrunkPhoneNumber(phoneNumberImportRequest: PhoneNumberImportRequest, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumber;
    } | {
        status: 400;
        data: Error;
    } | {
        status: 401;
        data: Error;
    }>("/v1/phone-numbers/import", oazapfts.json({
        ...opts,
        method: "POST",
        body: phoneNumberImportRequest
    }));
}
export function getPhoneNumberKyb(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumberKybOverview;
    } | {
        status: 401;
        data: Error;
    }>("/v1/phone-numbers/kyb", {
        ...opts
    });
}
export function savePhoneNumberKybDraft(phoneNumberKybDraftRequest: PhoneNumberKybDraftRequest, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumberKybSubmission;
    } | {
        status: 400;
        data: Error;
    } | {
        status: 401;
        data: Error;
    }>("/v1/phone-numbers/kyb/draft", oazapfts.json({
        ...opts,
        method: "PUT",
        body: phoneNumberKybDraftRequest
    }));
}
export function submitPhoneNumberKyb(phoneNumberKybSubmitRequest: PhoneNumberKybSubmitRequest, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumberKybSubmission;
    } | {
        status: 400;
        data: Error;
    } | {
        status: 401;
        data: Error;
    }>("/v1/phone-numbers/kyb/submit", oazapfts.json({
        ...opts,
        method: "POST",
        body: phoneNumberKybSubmitRequest
    }));
}
export function getPhoneNumber(id: string, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumber;
    } | {
        status: 401;
        data: Error;
    }>(`/v1/phone-numbers/${encodeURIComponent(id)}`, {
        ...opts
    });
}
export function updatePhoneNumber(id: string, phoneNumberUpdateRequest: PhoneNumberUpdateRequest, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PhoneNumber;
    } | {
        status: 400;
        data: Error;
    } | {
        status: 401;
        data: Error;
    }>(`/v1/phone-numbers/${encodeURIComponent(id)}`, oazapfts.json({
        ...opts,
        method: "PATCH",
        body: phoneNumberUpdateRequest
    }));
}
export function deletePhoneNumber(id: string, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            released: boolean;
        };
    } | {
        status: 401;
        data: Error;
    }>(`/v1/phone-numbers/${encodeURIComponent(id)}`, {
        ...opts,
        method: "DELETE"
    });
}
