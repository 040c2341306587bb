import { chmod } from "node:fs/promises";
import { describe, expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { assertContainers, IMAGE_USER } from "../packaging/contained.ts";

const able = await requirement("a container without a container runtime", () => assertContainers());

// Compose mounts a file as it is: with its owner and mode, wherever it lies.
const MOUNT_AND_READ = `touch mounted
mount --bind secrets/sw_secret mounted
exec setpriv --reuid=$0 --regid=$0 --clear-groups cat "$1"`;

describe.skipIf("reason" in able).each(["deploy/compose.yaml", "deploy/fleet/compose.yaml"])(
  "the secrets of %s",
  (file) => {
    const read = async (path: string, before = "true") => {
      await using folder = await folderWith();
      const here = folder.path(".");
      await chmod(here, 0o755);
      const secrets = "(umask 077; mkdir secrets; echo canary >secrets/sw_secret)";
      const script = `${secrets}\n${before}\n${MOUNT_AND_READ}`;
      const run = Bun.$`unshare --mount sh -ec ${script} ${IMAGE_USER} ${path}`.cwd(here);
      return (await run.quiet().nothrow()).stdout.toString();
    };

    test("are readable for the image's user after its commands, and for no other", async () => {
      const text = await Bun.file(`${ROOT}/${file}`).text();
      const [, commands = ""] = /^# {3}(chmod .*)$/m.exec(text) ?? [];
      expect(await read("mounted", commands)).toBe("canary\n");
      expect(await read("secrets/sw_secret", commands)).toBe("");
      expect(await read("mounted")).toBe("");
    });
  },
);
