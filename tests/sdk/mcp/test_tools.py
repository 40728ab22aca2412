"""The tools for coding agents, called by the official client of the protocol."""

import json

import anyio
import pytest
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


class Agent:
    def __init__(self, session):
        self.session = session

    async def __call__(self, tool, **arguments):
        """The text of a tool, or what it says is wrong."""
        said = await self.session.call_tool(tool, arguments)
        (content,) = said.content
        if said.is_error:
            raise ValueError(content.text)
        return content.text

    async def json(self, tool, **arguments):
        return json.loads(await self(tool, **arguments))


def with_agent(work):
    async def run():
        async with stdio_client(StdioServerParameters(command="alimock", args=["mcp"])) as streams:
            async with ClientSession(*streams) as session:
                await session.initialize()
                await work(Agent(session))

    anyio.run(run)


def ram(world):
    env = world["env"]
    return Client(Config(
        access_key_id=env["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=env["ALIBABA_CLOUD_ENDPOINT"],
        protocol="HTTP",
    ))


def test_every_tool_says_what_it_needs():
    async def work(agent):
        tools = (await agent.session.list_tools()).tools
        assert len(tools) == 8
        for tool in tools:
            assert tool.description and tool.input_schema["additionalProperties"] is False, tool.name

    with_agent(work)


def test_an_agent_finds_out_why_a_call_is_refused_and_what_permission_it_needs():
    async def work(agent):
        world = await agent.json("start_world", **{"as": "demo/dev", "name": "mine"})
        with pytest.raises(ClientException, match="NoPermission"):
            ram(world).create_user(models.CreateUserRequest(user_name="alice"))

        refused = (await agent.json("refused_calls", world="mine"))["requests"]
        assert [call["action"] for call in refused] == ["CreateUser"]
        why = await agent.json("why", world="mine")
        assert why["request"]["requestId"] == refused[0]["requestId"] and why["advice"]
        explained = await agent.json("explain", world="mine", account="demo/dev", action="ram:CreateUser")
        assert explained["decision"]["allowed"] is False, explained
        policy = json.loads(await agent("least_policy"))
        assert policy["Statement"][0]["Action"] == ["ram:CreateUser"]

    with_agent(work)


def test_an_agent_makes_calls_fail_and_lets_time_pass():
    async def work(agent):
        world = await agent.json("start_world", scenario="accounts: [{name: demo, keys: [{}]}]", name="mine")
        rule = {"match": {"action": "ListUsers"}, "do": {"error": {"code": "Throttling.User"}}}
        assert (await agent.json("add_rule", world="mine", rule=rule))["id"]
        with pytest.raises(ClientException, match="Throttling.User"):
            ram(world).list_users(models.ListUsersRequest())
        assert "fellDue" in await agent.json("advance_clock", world="mine", by="30m")

    with_agent(work)


def test_mistakes_of_an_agent_are_explained():
    async def work(agent):
        assert await agent("check_scenario", text="accounts: [{name: demo}]") == "ok"
        with pytest.raises(ValueError, match="acounts.*accounts"):
            await agent("check_scenario", text="acounts: []")
        with pytest.raises(ValueError, match="needs the argument `action`"):
            await agent("explain", account="demo")
        with pytest.raises(ValueError, match="no argument `span`"):
            await agent("advance_clock", span="30m")
        with pytest.raises(ValueError, match="`by` is not of type string"):
            await agent("advance_clock", by=30)
        with pytest.raises(ValueError, match="nowhere"):
            await agent("why", world="nowhere")
        with pytest.raises(ValueError, match="there is no tool"):
            await agent("fly")

    with_agent(work)
