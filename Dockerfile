FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Iec102.Server -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# A new volume takes its owner from here.
RUN mkdir -p /var/lib/iec102 && chown $APP_UID /var/lib/iec102
USER $APP_UID
ENTRYPOINT ["dotnet", "iec102.dll"]
CMD ["serve", "--fleet", "/etc/iec102/fleet.conf", "--data", "/var/lib/iec102", "--urls", "http://0.0.0.0:8102"]
