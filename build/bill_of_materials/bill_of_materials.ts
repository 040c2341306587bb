import { Enums, Models, Serialize, Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { PackageURL } from "packageurl-js";
import packageJson from "../../package.json" with { type: "json" };
import { type Architecture, LIBC } from "../root_file_system/libc.ts";
import { type LockedPackage, productPackages } from "./locked_packages.ts";
import type { Source } from "../source.ts";

const SPEC = Spec.Spec1dot6;
const { Application, Framework, Library } = Enums.ComponentType;

/**
 * Lists what is in the binaries and the containers: the packages that are bundled, Bun, and the C
 * library.
 *
 * @param source the commit and the date
 * @returns a CycloneDX 1.6 document in JSON (https://cyclonedx.org/docs/1.6/json/)
 * @throws Error when the document does not fit the standard's schema
 */
export async function billOfMaterials({ commit, date }: Source): Promise<string> {
  const packages = await productPackages();
  const components = new Map(packages.map((locked) => [locked.key, npmComponent(locked)]));
  for (const { key, needs } of packages) {
    for (const need of needs) components.get(key)?.dependencies.add(components.get(need)!.bomRef);
  }
  const beside = [bun(), libc("amd64"), libc("arm64")];
  const product = component(
    Application,
    packageJson.name,
    packageJson.version,
    packageJson.license,
  );
  product.properties.add(new Models.Property("signway:commit", commit));
  for (const name of Object.keys(packageJson.dependencies)) {
    product.dependencies.add(components.get(name)!.bomRef);
  }
  for (const { bomRef } of beside) product.dependencies.add(bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ timestamp: date, component: product }),
    components: new Models.ComponentRepository([...components.values(), ...beside]),
  });
  return await validated(bom);
}

async function validated(bom: Models.Bom): Promise<string> {
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(SPEC));
  const text = serializer.serialize(bom, { sortLists: true, space: 2 });
  const errors = await new Validation.JsonStrictValidator(SPEC.version).validate(text);
  if (errors) throw new Error(`the bill of materials is not valid: ${JSON.stringify(errors)}`);
  return `${text}\n`;
}

function npmComponent({ name, version, sha512, license }: LockedPackage): Models.Component {
  const made = component(Library, name, version, license);
  const [scope, base] = name.startsWith("@") ? name.split("/") : [undefined, name];
  made.purl = new PackageURL("npm", scope, base, version).toString();
  made.hashes.set(Enums.HashAlgorithm["SHA-512"], sha512);
  return made;
}

function bun(): Models.Component {
  const made = component(Framework, "bun", Bun.version, "MIT");
  made.purl = new PackageURL("npm", undefined, "bun", Bun.version).toString();
  return made;
}

function libc(arch: Architecture): Models.Component {
  const { name, version, distribution: distro, packages } = LIBC;
  const made = component(Library, name, version, "LGPL-2.1-or-later");
  made.bomRef.value = `${name}@${version}:${arch}`;
  made.purl = new PackageURL("deb", "debian", name, version, { arch, distro }).toString();
  made.hashes.set(Enums.HashAlgorithm["SHA-256"], packages[arch]);
  return made;
}

function component(
  type: Enums.ComponentType,
  name: string,
  version: string,
  license: string,
): Models.Component {
  const made = new Models.Component(type, name, { version, bomRef: `${name}@${version}` });
  made.licenses.add(new Models.SpdxLicense(license));
  return made;
}
