export type Config = {
  apiOrigin: string;
  paywallId: string;
  providerId: string | null;
  deepProviderId: string | null;
};

/** What can be asked, through which provider, and which credits it takes. */
export type Model = { id: string; name: string; about: string; type: string; providerId: string };

export const modelsOf = (config: Config): Model[] =>
  [
    {
      id: "lumen-small",
      name: "Quick",
      about: "Fast, for small questions",
      type: "standard",
      providerId: config.providerId,
    },
    {
      id: "lumen-large",
      name: "Deep",
      about: "Slower, for hard problems",
      type: "advanced",
      providerId: config.deepProviderId,
    },
  ].filter((it): it is Model => it.providerId !== null);
