"""Policy documents that the gateway cannot follow are refused at the start, with every reason."""

import pytest

from local.gateway.policies.document import policies
from local.gateway.refusals import PolicyRefused
from tests.gateway.test_composition import AROUND

EMPTY = "<outbound /><backend><base /></backend>"


def document(inbound: str = "", on_error: str = "") -> str:
    return (
        f"<policies><inbound><base />{inbound}</inbound>{EMPTY}"
        f"<on-error>{on_error}</on-error></policies>"
    )


@pytest.mark.parametrize(
    ("inbound", "said"),
    [
        ("<mock-response />", "<mock-response> in inbound"),
        ("<rate-limit calls='1' renewal-period='1' />", "<rate-limit> in inbound"),
        ("<set-header />", "<set-header> lacks name"),
        ("<set-header name='a' exists-action='swap'><value>x</value></set-header>", "swap"),
        ("<set-header name='a' exists-action='delete'><value>x</value></set-header>", "1 values"),
        ("<set-header name='a' />", "override with 0 values"),
        ("<set-header name='a' when='x'><value>x</value></set-header>", "unknown when"),
        ("<set-header name='a'><value>@(nix)</value></set-header>", "unknown name nix"),
        ("<set-query-parameter name='a'><velue>x</velue></set-query-parameter>", "<velue>"),
        ("<choose><if /></choose>", "no place for <if>"),
        ("<choose><otherwise /><when condition='@(true)' /></choose>", "no place for <otherwise>"),
        ("<choose><when condition='@(1)' /></choose>", "int where bool is needed"),
        ("<choose><when condition='@(true)'><mock /></when></choose>", "<mock> in inbound"),
        ("<return-response><cors /></return-response>", "unknown <cors>"),
        ("<return-response><set-status code='x' /></return-response>", "whole number"),
        ("<return-response><set-body /><set-body /></return-response>", "more than one"),
        ("<cors allow-credentials='maybe'><allowed-origins /></cors>", "true or false"),
        ("<cors><allowed-origins><origin /></allowed-origins></cors>", "empty <origin>"),
        ("<cors><origins /></cors>", "unknown <origins>"),
        ("<rate-limit-by-key calls='1' renewal-period='60' />", "lacks counter-key"),
        (
            "<rate-limit-by-key calls='0' renewal-period='60' "
            "counter-key='@(context.Request.IpAddress)' />",
            "calls from 1",
        ),
        (
            "<validate-jwt header-name='A' require-signed-tokens='false' />",
            "without require-signed",
        ),
        ("<validate-jwt header-name='A' />", "needs one openid-config"),
        ("<validate-jwt header-name='A'><issuer-signing-keys /></validate-jwt>", "issuer-signing"),
    ],
)
def test_what_cannot_be_followed_is_refused(inbound: str, said: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        policies(document(inbound), AROUND)
    assert said in str(refused.value)


def test_all_reasons_are_told_at_once() -> None:
    with pytest.raises(PolicyRefused) as refused:
        policies(document("<one /><choose><two /></choose>", "<cors />"), AROUND)
    for each in ("<one> in inbound", "<two>", "<cors> in on-error"):
        assert each in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no XML"),
        ("<policies>", "no XML"),
        ("<policies />", "has the sections"),
        ("<polices><inbound /><backend /><outbound /><on-error /></polices>", "has the sections"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><policies>&b;</policies>", "no XML"),
        (f"<policies><inbound />{EMPTY}<on-error /><more><base /></more></policies>", "sections"),
        (
            "<policies><inbound /><outbound /><on-error /><backend><forward-request timeout='1' />"
            "</backend></policies>",
            "attributes timeout",
        ),
    ],
)
def test_what_is_no_policy_document_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        policies(text, AROUND)
    assert said in str(refused.value)


def test_an_empty_document_lets_everything_pass() -> None:
    read = policies(document(), AROUND)
    assert (read.inbound, read.outbound, read.on_error, read.cors) == ((), (), (), None)
